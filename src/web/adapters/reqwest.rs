//! Responses of reqwest, which follows redirects and undoes encodings.

use crate::web::Response;

/// With the URL that the response came from.
impl From<reqwest::Response> for Response {
    fn from(response: reqwest::Response) -> Response {
        let url = response.url().to_string();
        Response::from(http::Response::<reqwest::Body>::from(response)).with_url(url)
    }
}
