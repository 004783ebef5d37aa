package org.slimquant.deploy.c;

import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** The C types that codes are stored in. */
enum CType {
  INT8("int8_t", "s8", 1, true),
  UINT8("uint8_t", "u8", 1, false),
  INT16("int16_t", "s16", 2, true),
  UINT16("uint16_t", "u16", 2, false);

  /** The type's name in C. */
  final String text;

  /** Its abbreviation in the names of functions. */
  final String suffix;

  final int bytes;
  private final boolean signed;

  CType(String text, String suffix, int bytes, boolean signed) {
    this.text = text;
    this.suffix = suffix;
    this.bytes = bytes;
    this.signed = signed;
  }

  /** Returns the type of the codes of a tensor. */
  static CType of(IntegerTensor tensor) {
    return of(tensor.format().bits(), tensor.format().signed());
  }

  /** Returns the type of the weights of a kernel. */
  static CType of(Kernel kernel) {
    return of(kernel.bits(), kernel.signed());
  }

  private static CType of(int bits, boolean signed) {
    if (bits <= Byte.SIZE) {
      return signed ? INT8 : UINT8;
    }
    return signed ? INT16 : UINT16;
  }

  /**
   * Returns the type to multiply a tensor's codes as: unsigned where none is negative.
   *
   * @param codes the codes that the tensor can hold
   */
  static CType factor(IntegerTensor tensor, CodeRange codes) {
    CType type = of(tensor);
    return type == INT8 && codes.min() >= 0 ? UINT8 : type;
  }

  /** Returns all values of the type, which can be more than the codes of a format. */
  CodeRange range() {
    int bits = bytes * Byte.SIZE;
    return signed
        ? new CodeRange(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        : new CodeRange(0, (1 << bits) - 1);
  }
}
