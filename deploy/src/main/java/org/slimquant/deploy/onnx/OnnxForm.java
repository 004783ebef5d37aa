package org.slimquant.deploy.onnx;

/**
 * The way in which an ONNX file represents a quantized network.
 *
 * <p>ONNX Runtime's kernels for uint8 data and int8 weights <i>saturate</i> on x86 with AVX2 or
 * AVX-512 but without VNNI (AMD Zen 1 to 3, Intel before Ice Lake): they add pairs of products in
 * 16 bits. {@link #QOPERATOR} is exact there too. {@link SaturationProbe} tells on which kind of
 * processor a program runs.
 */
public enum OnnxForm {
  /**
   * Integer ops that compute the integer model's codes exactly, on every processor and without any
   * option of the session. A layer has uint8 weights, which are slower, if ONNX Runtime's fast
   * kernels for int8 weights could saturate.
   */
  QOPERATOR,

  /**
   * As {@link #QOPERATOR}, but with int8 weights in every layer. This is the fastest form. It is
   * for processors whose kernels do not saturate: ARM and x86 with VNNI. On other x86 the codes are
   * wrong, unless the session option {@code session.x64quantprecision} is {@code 1}.
   */
  QOPERATOR_VNNI_OR_ARM,

  /**
   * Float ops between {@code QuantizeLinear} and {@code DequantizeLinear}, as vendors' tools
   * expect. Scales are powers of two, and zero points are 0. {@code QuantizeLinear} rounds half to
   * even: if a sum of a layer is a tie and the integer model's code for it is odd, the code here is
   * one less. An int8 can be -128 where the integer model has -127, and an int16 -32768. All other
   * codes are the same if sums are below 2^24, as sums of 8-bit codes nearly always are. Each layer
   * starts from the codes of this form.
   *
   * <p>ONNX Runtime makes integer ops of it. On x86 whose kernels saturate, they are exact only if
   * the session option {@code session.x64quantprecision} is {@code 1}.
   */
  QDQ,

  /**
   * As {@link #QDQ}, but all codes are int8, for tools that know only symmetric int8, such as
   * TensorRT and Vitis AI. An unsigned tensor of 8 bits has other codes, so it is refused.
   */
  QDQ_INT8
}
