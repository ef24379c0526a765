//! Findings to verdict. (being written)
