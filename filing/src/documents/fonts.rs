//! The faces that text is set in, and which of them has a character.
//!
//! The faces lie in `filing/fonts` with their licences and are part of the program: a document
//! looks the same on every machine, whatever is installed there. A page carries only the glyphs it
//! uses.

use super::DocumentError;
use krilla::text::Font;
use std::sync::OnceLock;

/// A face of one weight.
pub(super) struct Face {
    bytes: &'static [u8],
    /// For shaping and for asking what the face covers.
    pub shaper: rustybuzz::Face<'static>,
    /// For embedding; made when the face is first drawn, because it reads the whole file.
    font: OnceLock<Option<Font>>,
}

impl Face {
    fn new(name: &'static str, bytes: &'static [u8]) -> Result<Face, DocumentError> {
        let shaper = rustybuzz::Face::from_slice(bytes, 0)
            .ok_or_else(|| DocumentError::Pdf(format!("the face {name} is damaged")))?;
        Ok(Face {
            bytes,
            shaper,
            font: OnceLock::new(),
        })
    }

    /// The face as it is embedded.
    pub fn font(&self) -> Option<Font> {
        let made = self.font.get_or_init(|| Font::new(self.bytes.into(), 0));
        made.clone()
    }

    /// Units of one em.
    pub fn units(&self) -> i32 {
        self.shaper.units_per_em().max(1)
    }

    fn covers(&self, character: char) -> bool {
        self.shaper
            .glyph_index(character)
            .is_some_and(|glyph| glyph.0 != 0)
    }
}

/// A face in its two weights.
struct Family {
    regular: Face,
    /// Without one, the regular face is drawn with a thin outline.
    bold: Option<Face>,
}

/// Every face, in the order in which they are asked for a character.
pub struct Fonts {
    families: Vec<Family>,
}

macro_rules! face {
    ($file:literal) => {
        ($file, include_bytes!(concat!("../../fonts/", $file)))
    };
}

type File = (&'static str, &'static [u8]);

/// Latin, Greek and Cyrillic first: what several faces have is set in the first of them.
const FILES: [(File, Option<File>); 7] = [
    (
        face!("NotoSans-Regular.ttf"),
        Some(face!("NotoSans-Bold.ttf")),
    ),
    (
        face!("NotoSansArabic-Regular.ttf"),
        Some(face!("NotoSansArabic-Bold.ttf")),
    ),
    (
        face!("NotoSansHebrew-Regular.ttf"),
        Some(face!("NotoSansHebrew-Bold.ttf")),
    ),
    (
        face!("NotoSansThai-Regular.ttf"),
        Some(face!("NotoSansThai-Bold.ttf")),
    ),
    (
        face!("NotoSansDevanagari-Regular.ttf"),
        Some(face!("NotoSansDevanagari-Bold.ttf")),
    ),
    (face!("DroidSansFallbackFull.ttf"), None),
    // Hangul; after the face that has Chinese and Japanese as a whole.
    (face!("NanumSquareR.ttf"), Some(face!("NanumSquareB.ttf"))),
];

impl Fonts {
    /// The faces that come with the program.
    ///
    /// # Errors
    /// If a face cannot be read, which is a fault of the build.
    pub fn embedded() -> Result<Fonts, DocumentError> {
        let family = |(regular, bold): &(File, Option<File>)| {
            Ok(Family {
                regular: Face::new(regular.0, regular.1)?,
                bold: bold
                    .map(|(name, bytes)| Face::new(name, bytes))
                    .transpose()?,
            })
        };
        let families = FILES.iter().map(family).collect::<Result<_, _>>()?;
        Ok(Fonts { families })
    }

    /// The family that sets a character; `previous` set the one before it.
    pub(super) fn family_of(&self, character: char, previous: Option<usize>) -> Option<usize> {
        // A mark belongs to the letter before it, and only one face can place it there.
        if attaches(character)
            && let Some(family) = previous
            && (is_joiner(character) || self.families[family].regular.covers(character))
        {
            return Some(family);
        }
        if !may_be_shown(character) {
            return None;
        }
        self.families
            .iter()
            .position(|family| family.regular.covers(character))
    }

    /// The face of a family in a weight, and whether it must be thickened to look bold.
    pub(super) fn face(&self, family: usize, bold: bool) -> (&Face, bool) {
        let family = &self.families[family];
        match (&family.bold, bold) {
            (Some(face), true) => (face, false),
            (None, true) => (&family.regular, true),
            (_, false) => (&family.regular, false),
        }
    }
}

/// What is written with the letter before it: marks, joiners and variation selectors.
fn attaches(character: char) -> bool {
    is_joiner(character)
        || matches!(character,
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
            | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{951}'..='\u{957}'
            | '\u{962}'..='\u{963}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
            | '\u{e47}'..='\u{e4e}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}'..='\u{309a}'
            | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that shape their neighbours and have no form of their own.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character may stand in a document as itself. Controls, private characters and those
/// that turn the direction of what follows are shown by their number: what a reader sees must be
/// what was sent, and neither hidden nor turned around.
fn may_be_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff9}'..='\u{ffff}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_finds_its_face_and_what_hides_finds_none() {
        let fonts = Fonts::embedded().expect("faces");
        let found = |text: &str| -> Vec<Option<usize>> {
            text.chars()
                .map(|character| fonts.family_of(character, None))
                .collect()
        };
        assert_eq!(found("AéЖαạ€–"), [Some(0); 7]);
        assert_eq!(found("بש"), [Some(1), Some(2)]);
        assert_eq!(found("กअ"), [Some(3), Some(4)]);
        assert_eq!(found("中あ，"), [Some(5); 3]);
        assert_eq!(found("면셔"), [Some(6); 2]);
        assert_eq!(
            found("\u{202e}\u{7}\u{e000}\u{1f600}\u{200b}\u{feff}"),
            [None; 6]
        );
    }

    #[test]
    fn a_mark_stays_with_its_letter() {
        let fonts = Fonts::embedded().expect("faces");
        assert_eq!(fonts.family_of('\u{64e}', Some(1)), Some(1));
        assert_eq!(fonts.family_of('\u{200d}', Some(4)), Some(4));
        assert_eq!(fonts.family_of('\u{fe0f}', None), None);
    }

    #[test]
    fn every_face_can_be_embedded() {
        let fonts = Fonts::embedded().expect("faces");
        for at in 0..FILES.len() {
            for bold in [false, true] {
                assert!(fonts.face(at, bold).0.font().is_some(), "{at} {bold}");
            }
        }
    }
}
