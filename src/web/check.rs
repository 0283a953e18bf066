//! The checks of a response before its body is touched, in the order of the WebAssembly Web API (section 3,
//! "compile a potential WebAssembly response"): MIME type, origin, status, body.

use super::error::TypeError;
use super::options::Mime;
use super::response::{BodyReader, Response};

const WASM: &str = "application/wasm";

/// The body of `response`, ready to be read, and locked by the caller.
pub(super) fn check(response: &Response, mime: Mime) -> Result<BodyReader, TypeError> {
    check_mime(response.header("Content-Type"), mime)?;
    if !response.response_type().is_readable() {
        return Err(TypeError::Origin(response.response_type()));
    }
    if !response.ok() {
        return Err(TypeError::Status(response.status()));
    }
    let mut reader = response.reader()?;
    reader.disturb();
    Ok(reader)
}

/// According to the specification this is a comparison of bytes and not of MIME types: no parameters, no quotes, and
/// only what HTTP calls white space (tab and space) around it. Some engines compare the essence of the type instead;
/// here that is the caller's choice, made before anything is read ([`Mime`]).
fn check_mime(value: Option<Vec<u8>>, mime: Mime) -> Result<(), TypeError> {
    if mime == Mime::Any {
        return Ok(());
    }
    let value = value.ok_or(TypeError::NoMimeType)?;
    let compared = match mime {
        Mime::Essence => value.split(|&b| b == b';').next().unwrap_or_default(),
        _ => &value,
    };
    if trim(compared).eq_ignore_ascii_case(WASM.as_bytes()) {
        Ok(())
    } else {
        Err(TypeError::MimeType(String::from_utf8_lossy(&value).into_owned()))
    }
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b'\t' | b' ', rest @ ..] | [rest @ .., b'\t' | b' '] = value {
        value = rest;
    }
    value
}
