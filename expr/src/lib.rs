//! The expression language of XLSForm: a subset of XPath 1.0 with the functions of ODK.
