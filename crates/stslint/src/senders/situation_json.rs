//! Settings as JSON, in the form that the conformance vectors of kind `sender` have.
