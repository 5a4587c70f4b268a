//! Connections, each of which is given up when its client takes nothing of what is sent to it.

use std::{io, net::SocketAddr, pin::Pin, time::Duration};

use axum::serve::{Listener, ListenerExt, TapIo};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;

/// A connection whose writes end in time.
pub type Connection = Pin<Box<TimeoutStream<TcpStream>>>;

/// Takes connections of this listener. A client that does not take a single byte for so long, while there is something for it, is cut off,
/// whatever it says meanwhile: it holds buffers, and a subscription.
pub fn giving_up_after(write_timeout: Duration, listener: TcpListener) -> TapIo<GivingUp, fn(&mut Connection)> {
    GivingUp { listener, write_timeout }.tap_io(|connection| {
        // An event that is small does not wait for the answer to the one before it.
        if let Err(error) = connection.get_ref().set_nodelay(true) {
            tracing::debug!(%error, "a connection stays as it is");
        }
    })
}

/// A listener whose connections are given up in time.
#[derive(Debug)]
pub struct GivingUp {
    listener: TcpListener,
    write_timeout: Duration,
}

impl Listener for GivingUp {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (connection, address) = Listener::accept(&mut self.listener).await;
        let mut connection = TimeoutStream::new(connection);
        connection.set_write_timeout(Some(self.write_timeout));
        (Box::pin(connection), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
