//! Codes to sign in with.

use super::Transaction;
use super::sql::Row;
use crate::app::ports::{KeptCode, NewCode, SignInWrites, StoreResult};
use crate::domain::Timestamp;
use async_trait::async_trait;

#[async_trait]
impl SignInWrites for Transaction {
    async fn set_sign_in_code(&self, code: NewCode<'_>, window_start: Timestamp) -> StoreResult<bool> {
        // The row remembers when its last five codes were sent. The fifth of them is out of the window exactly when a sixth is not one too many.
        let text = "INSERT INTO sign_in_code AS kept (email_key, salt, code_hash, attempts, expires_at, sent_at_1) VALUES ($1, $2, $3, 0, $4, $5)
                    ON CONFLICT (email_key) DO UPDATE
                        SET salt = excluded.salt, code_hash = excluded.code_hash, attempts = 0, used_at = NULL, expires_at = excluded.expires_at,
                            sent_at_1 = excluded.sent_at_1, sent_at_2 = kept.sent_at_1, sent_at_3 = kept.sent_at_2, sent_at_4 = kept.sent_at_3,
                            sent_at_5 = kept.sent_at_4
                        WHERE kept.sent_at_5 IS NULL OR kept.sent_at_5 <= $6";
        let values = [
            code.email_key.into(),
            code.kept.salt.to_vec().into(),
            code.kept.hash.to_vec().into(),
            code.expires_at.as_micros().into(),
            code.sent_at.as_micros().into(),
            window_start.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn take_sign_in_try(&self, email_key: &str, max_tries: i32, now: Timestamp) -> StoreResult<Option<KeptCode>> {
        // Looking and counting are one statement, so that many who guess at once take one try each.
        let text = "UPDATE sign_in_code SET attempts = attempts + 1
                    WHERE email_key = $1 AND attempts < $2 AND used_at IS NULL AND expires_at > $3
                    RETURNING salt, code_hash";
        self.one(text, [email_key.into(), max_tries.into(), now.as_micros().into()]).await?.map(|row| kept(&row)).transpose()
    }

    async fn set_sign_in_code_used(&self, email_key: &str, at: Timestamp) -> StoreResult<()> {
        let text = "UPDATE sign_in_code SET used_at = $2 WHERE email_key = $1";
        self.run(text, [email_key.into(), at.as_micros().into()]).await.map(drop)
    }

    async fn delete_sign_in_codes(&self, sent_until: Timestamp) -> StoreResult<u64> {
        self.run("DELETE FROM sign_in_code WHERE sent_at_1 <= $1", [sent_until.as_micros().into()]).await
    }
}

fn kept(row: &Row) -> StoreResult<KeptCode> {
    Ok(KeptCode { salt: row.bytes("salt")?, hash: row.bytes("code_hash")? })
}
