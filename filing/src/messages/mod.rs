//! What is sent to customs and carriers, and what they answer.

pub mod answers;
pub mod catair;
