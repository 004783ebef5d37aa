package org.slimquant.model;

import com.google.protobuf.ByteString;

/** Codes as bytes in a file: one byte each up to 8 bits, otherwise two, the low one first. */
final class CodeBytes {

  private CodeBytes() {}

  /** Returns the number of bytes of a code of {@code bits} bits. */
  static int width(int bits) {
    return bits <= Byte.SIZE ? 1 : 2;
  }

  /** Returns codes of {@code bits} bits as bytes. */
  static ByteString of(Codes codes, int bits) {
    int width = width(bits);
    byte[] bytes = new byte[width * codes.size()];
    for (int i = 0; i < codes.size(); i++) {
      int code = codes.get(i);
      bytes[i * width] = (byte) code;
      if (width == 2) {
        bytes[i * 2 + 1] = (byte) (code >> Byte.SIZE);
      }
    }
    return ByteString.copyFrom(bytes);
  }

  /**
   * Returns the codes in bytes.
   *
   * @param what the thing that has the codes, for errors
   * @throws IllegalArgumentException if the last code is not whole
   */
  static Codes codes(ByteString bytes, int bits, boolean signed, String what) {
    int width = width(bits);
    if (bytes.size() % width != 0) {
      throw new IllegalArgumentException(
          "%s must have %d bytes for each code, but has %d in all"
              .formatted(what, width, bytes.size()));
    }
    int[] codes = new int[bytes.size() / width];
    for (int i = 0; i < codes.length; i++) {
      int code =
          width == 1
              ? bytes.byteAt(i)
              : (bytes.byteAt(2 * i + 1) << Byte.SIZE) | (bytes.byteAt(2 * i) & 0xff);
      codes[i] = signed ? code : code & ((1 << (width * Byte.SIZE)) - 1);
    }
    return Codes.of(codes);
  }
}
