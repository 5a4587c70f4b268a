//! Names of files, made of names that people give.

use std::collections::HashMap;

/// The most characters of a name that go into the name of a file.
const LONGEST: usize = 80;

/// Names that some systems keep for devices, whatever stands behind a dot.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// The name of a file, without its ending, that every system takes.
#[must_use]
pub fn file_stem(name: &str, otherwise: &str) -> String {
    let fit = |character: char| match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => Some('_'),
        character if character.is_control() || is_invisible(character) => None,
        character => Some(character),
    };
    let stem: String = name.chars().filter_map(fit).take(LONGEST).collect();
    let stem = stem.trim_matches(|character: char| character.is_whitespace() || character == '.');
    if stem.is_empty() {
        otherwise.to_owned()
    } else if is_reserved(stem) {
        format!("_{stem}")
    } else {
        stem.to_owned()
    }
}

/// What turns the direction of a text, or is not seen: a name with it is not what it seems to be.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn is_reserved(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port =
        |prefix| first.strip_prefix(prefix).is_some_and(|rest: &str| rest.chars().count() == 1 && !rest.starts_with(char::is_alphabetic));
    RESERVED.contains(&first.as_str()) || is_port("com") || is_port("lpt")
}

/// Names that were given to files. Two of them differ in more than their case.
#[derive(Debug, Default)]
pub struct FileNames(HashMap<String, u32>);

impl FileNames {
    /// A name that no other file has: the stem, with a number behind it where there are several.
    pub fn next(&mut self, folder: &str, stem: &str, extension: &str) -> String {
        let mut name = format!("{folder}/{stem}.{extension}");
        while self.0.contains_key(&name.to_lowercase()) {
            let times = self.0.entry(format!("{folder}/{stem}.{extension}").to_lowercase()).or_insert(1);
            *times += 1;
            name = format!("{folder}/{stem} ({times}).{extension}");
        }
        self.0.insert(name.to_lowercase(), 1);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_one_that_every_system_takes() {
        for (name, stem) in [
            ("Pets", "Pets"),
            ("Größe 📦", "Größe 📦"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x", "C__x"),
            ("a\r\nb\0\u{202e}txt", "abtxt"),
            (" . ", "otherwise"),
            ("", "otherwise"),
            ("con", "_con"),
            ("Lpt1.json", "_Lpt1.json"),
            ("comb", "comb"),
        ] {
            assert_eq!(file_stem(name, "otherwise"), stem, "{name}");
        }
        assert_eq!(file_stem(&"é".repeat(500), "x").chars().count(), LONGEST);
    }

    #[test]
    fn no_two_files_have_the_same_name() {
        let mut names = FileNames::default();
        let given = ["Pets", "pets", "Pets (2)", "Pets"].map(|stem| names.next("a", stem, "json"));
        assert_eq!(given, ["a/Pets.json", "a/pets (2).json", "a/Pets (2) (2).json", "a/Pets (3).json"]);
        assert_eq!(names.next("b", "Pets", "json"), "b/Pets.json");
    }
}
