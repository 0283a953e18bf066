// `TextEncoder` and `TextDecoder` (Encoding standard, section 7), `crypto` (Web Cryptography, section 10), and
// conversions for the other scripts. `natives` are `coding.rs`'s functions.
(function (own, natives) {
  "use strict";

  const {
    create, defineProperty, dictionary, expose, isObject, isShared, isUint8Array, isView, need,
    source, toText, toUsv, TypeError, RangeError, Uint8Array, shown,
  } = own;
  const { global } = own.parts;
  const { DOMException } = global;
  // Functions, because scripts could intercept them through the object's prototype if they were called as methods.
  const { encode: nativeEncode, encodeInto: nativeEncodeInto, decode: nativeDecode, newDecoder, fillRandom } = natives;
  const { fromBase64, toBase64, percentDecode } = natives;

  /** UTF-8 of a text without lone surrogates. */
  const encode = (text) => new Uint8Array(nativeEncode(text));

  // --- Text ----------------------------------------------------------------------------------------------------------

  class TextEncoder {
    #brand;

    get encoding() {
      this.#brand;
      return "utf-8";
    }

    encode(input = "") {
      this.#brand;
      return encode(toUsv(input));
    }

    encodeInto(source_, destination) {
      this.#brand;
      need(2, arguments.length, "TextEncoder.encodeInto()");
      const text = toUsv(source_);
      if (!isUint8Array(destination)) {
        throw new TypeError("TextEncoder.encodeInto(): the second argument must be a Uint8Array");
      }
      const { buffer, offset, length } = source(destination);
      return nativeEncodeInto(text, buffer, offset, length, {});
    }
  }

  class TextDecoder {
    #native;
    #encoding;
    #fatal;
    #ignoreBOM;

    constructor(label = "utf-8", options) {
      const text = toText(label);
      const { fatal, ignoreBOM } = dictionary(options, "TextDecoder: the options");
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
      const made = newDecoder(toUsv(text), this.#fatal, this.#ignoreBOM);
      if (made === null) throw new RangeError("TextDecoder: \"" + text + "\" is not the label of an encoding");
      this.#native = made.native;
      this.#encoding = made.encoding;
    }

    get encoding() {
      return this.#encoding;
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(input, options) {
      const native = this.#native;
      const place = input === undefined ? nothing : source(input);
      if (place === undefined) {
        throw new TypeError("TextDecoder.decode(): the first argument must be a buffer or a view of one");
      }
      const { stream } = dictionary(options, "TextDecoder.decode(): the options");
      // The options' getter may have detached the buffer.
      const { buffer, offset, length } = input === undefined ? nothing : source(input);
      return nativeDecode(native, buffer, offset, length, !!stream);
    }
  }

  const nothing = { __proto__: null, buffer: undefined, offset: 0, length: 0 };

  const utf8 = newDecoder("utf-8", false, false).native;

  /** UTF-8 decode: with replacement, without a byte order mark. */
  function decode(bytes) {
    const { buffer, offset, length } = source(bytes);
    return nativeDecode(utf8, buffer, offset, length, false);
  }

  expose(TextEncoder);
  expose(TextDecoder);

  // --- Randomness ----------------------------------------------------------------------------------------------------

  const ofIntegers = {
    __proto__: null, Int8Array: 1, Uint8Array: 1, Uint8ClampedArray: 1, Int16Array: 1, Uint16Array: 1, Int32Array: 1,
    Uint32Array: 1,
    BigInt64Array: 1, BigUint64Array: 1,
  };
  const INTERNAL = create(null);

  class Crypto {
    #brand;

    constructor(internal) {
      if (internal !== INTERNAL) throw new TypeError("Illegal constructor");
    }

    getRandomValues(array) {
      this.#brand;
      need(1, arguments.length, "Crypto.getRandomValues()");
      if (!isObject(array) || !isView(array)) {
        throw new TypeError("Crypto.getRandomValues(): the argument must be a view of a buffer");
      }
      const { buffer, offset, length, name } = source(array);
      if (isShared(buffer)) throw new TypeError("Crypto.getRandomValues(): the buffer is shared");
      if (!(name in ofIntegers)) {
        throw new DOMException("Crypto.getRandomValues(): the argument must be an array of integers",
          "TypeMismatchError");
      }
      if (length > 65536) {
        throw new DOMException("Crypto.getRandomValues(): " + length + " bytes are more than the quota of 65536",
          "QuotaExceededError");
      }
      fillRandom(buffer, offset, length);
      return array;
    }

    randomUUID() {
      this.#brand;
      const bytes = new Uint8Array(16);
      fillRandom(source(bytes).buffer, 0, 16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40; // version 4
      bytes[8] = (bytes[8] & 0x3f) | 0x80; // the variant of RFC 9562
      let text = "";
      for (let i = 0; i < 16; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
        text += digits[bytes[i] >> 4] + digits[bytes[i] & 15];
      }
      return text;
    }
  }
  const digits = "0123456789abcdef";

  expose(Crypto);
  defineProperty(global, "crypto", shown(new Crypto(INTERNAL)));

  // --- Base64, and the percent encoding of URLs ----------------------------------------------------------------------

  const functions = {
    atob(data) {
      need(1, arguments.length, "atob()");
      const text = fromBase64(toUsv(data), true);
      if (text === null) throw new DOMException("atob(): this is not Base64", "InvalidCharacterError");
      return text;
    },
    btoa(data) {
      need(1, arguments.length, "btoa()");
      const text = toBase64(toUsv(data));
      if (text === null) throw new DOMException("btoa(): a character is beyond U+00FF", "InvalidCharacterError");
      return text;
    },
  };
  for (const name of ["atob", "btoa"]) defineProperty(global, name, shown(functions[name]));

  return {
    __proto__: null, encode, decode,
    /** URL standard, "percent-decode a string". */
    percentDecode: (text) => new Uint8Array(percentDecode(text)),
    /** The bytes encoded as Base64; null if it is not Base64. */
    fromBase64(bytes) {
      const decoded = fromBase64(decode(bytes), false);
      return decoded === null ? null : new Uint8Array(decoded);
    },
  };
});
