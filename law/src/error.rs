//! What is wrong with a law file, and where.

/// One defect of the law's data: the file, the line, the field and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {field}: {message}")]
pub struct LawError {
    /// The file as it was named to the loader.
    pub file: String,
    /// Line of the field, or of the table that lacks it; from 1.
    pub line: usize,
    /// The field.
    pub field: String,
    /// Why it is refused and what would be right.
    pub message: String,
}

/// A file of law as text, named for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below the law folder with forward slashes, such as `section-321/value-limit.toml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// The error at byte `at` of this file.
    pub(crate) fn error(&self, at: usize, field: &str, message: impl Into<String>) -> LawError {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        LawError {
            file: self.path.clone(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            field: field.to_owned(),
            message: message.into(),
        }
    }
}
