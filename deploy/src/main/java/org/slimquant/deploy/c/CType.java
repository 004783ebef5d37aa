package org.slimquant.deploy.c;

import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.TensorFormat;

/** The C types that codes are stored in. */
enum CType {
  INT8("int8_t", "s8", 1, new CodeRange(-(1 << 7), (1 << 7) - 1)),
  UINT8("uint8_t", "u8", 1, new CodeRange(0, (1 << 8) - 1)),
  INT16("int16_t", "s16", 2, new CodeRange(-(1 << 15), (1 << 15) - 1)),
  UINT16("uint16_t", "u16", 2, new CodeRange(0, (1 << 16) - 1));

  /** The type's name in C. */
  final String text;

  /** What stands for it in the names of functions. */
  final String suffix;

  final int bytes;

  /** All that the type holds: more than the codes of a format. */
  final CodeRange range;

  CType(String text, String suffix, int bytes, CodeRange range) {
    this.text = text;
    this.suffix = suffix;
    this.bytes = bytes;
    this.range = range;
  }

  static CType of(TensorFormat format) {
    return of(format.bits(), format.signed());
  }

  static CType of(Kernel kernel) {
    return of(kernel.bits(), kernel.signed());
  }

  private static CType of(int bits, boolean signed) {
    if (bits <= Byte.SIZE) {
      return signed ? INT8 : UINT8;
    }
    return signed ? INT16 : UINT16;
  }
}
