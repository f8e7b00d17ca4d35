//! Memory versions of the ports, for tests.
