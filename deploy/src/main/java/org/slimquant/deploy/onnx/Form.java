package org.slimquant.deploy.onnx;

/** How an ONNX file says that a network is quantized. */
public enum Form {
  /**
   * Float ops between {@code QuantizeLinear} and {@code DequantizeLinear}, whose scales are powers
   * of two and whose zero points are 0: what vendors' tools read. {@code QuantizeLinear} rounds
   * half to even: where a sum of a layer is a tie and the integer model's code for it is odd, the
   * code here is one less; and an int8 can be -128 where the integer model has -127, an int16
   * -32768. While sums stay below 2^24, as those of 8 bits nearly always do, all other codes are
   * the same, and the next layer goes on from them. On x86 without VNNI the integer ops that ONNX
   * Runtime makes of it saturate as those of {@link #QOPERATOR_INT8} do.
   */
  QDQ,

  /**
   * Integer ops that compute the integer model's codes exactly, on every processor. Where ONNX
   * Runtime's fast kernels for int8 weights could saturate within a sum, which they do on x86
   * without VNNI, the layer has uint8 weights, which are slower.
   */
  QOPERATOR,

  /**
   * As {@link #QOPERATOR}, but with int8 weights in every layer: the fastest where sums of products
   * do not saturate, which is on ARM and on x86 with VNNI. On other x86 it is exact with ONNX
   * Runtime's session option {@code session.x64quantprecision} set to {@code 1}.
   */
  QOPERATOR_INT8
}
