package org.slimquant.deploy.onnx;

/**
 * How an ONNX file says that a network is quantized.
 *
 * <p>ONNX Runtime's kernels for uint8 data and int8 weights <i>saturate</i> on x86 with AVX2 or
 * AVX-512 but without VNNI (AMD Zen 1 to 3, Intel before Ice Lake): they add pairs of products in
 * 16 bits. {@link #QOPERATOR} is exact there too; {@link SaturationProbe} finds out where a program
 * runs.
 */
public enum OnnxForm {
  /**
   * Integer ops that compute the integer model's codes exactly, on every processor and without any
   * option of the session. Where ONNX Runtime's fast kernels for int8 weights could saturate, the
   * layer has uint8 weights, which are slower.
   */
  QOPERATOR,

  /**
   * As {@link #QOPERATOR}, but with int8 weights in every layer: the fastest form, for processors
   * whose kernels do not saturate, which are ARM and x86 with VNNI. On other x86 the codes are
   * wrong, unless the session has the option {@code session.x64quantprecision} set to {@code 1}.
   */
  QOPERATOR_VNNI_OR_ARM,

  /**
   * Float ops between {@code QuantizeLinear} and {@code DequantizeLinear}, whose scales are powers
   * of two and whose zero points are 0: what vendors' tools read. {@code QuantizeLinear} rounds
   * half to even: where a sum of a layer is a tie and the integer model's code for it is odd, the
   * code here is one less; and an int8 can be -128 where the integer model has -127, an int16
   * -32768. While sums stay below 2^24, as those of 8 bits nearly always do, all other codes are
   * the same, and the next layer goes on from them.
   *
   * <p>ONNX Runtime makes integer ops of it. On x86 whose kernels saturate, that is exact with the
   * session option {@code session.x64quantprecision} set to {@code 1} only.
   */
  QDQ,

  /**
   * As {@link #QDQ}, with int8 and no other type, for tools that know only symmetric int8, such as
   * TensorRT and Vitis AI. A tensor that is unsigned and has 8 bits has no such codes, and is
   * refused.
   */
  QDQ_INT8
}
