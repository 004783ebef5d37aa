package models;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@javax.annotation.processing.Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedTypes extends Types {
  private static final org.slimquant.runtime.QuantizedLayer CONV1 = org.slimquant.runtime.QuantizedLayer.of(
      "conv1", org.slimquant.format.FixedPoint.signed(8, -7), org.slimquant.format.FixedPoint.signed(8, -7));

  private static final org.slimquant.runtime.QuantizedInput CONV1_X = new org.slimquant.runtime.QuantizedInput(
      "x", org.slimquant.format.FixedPoint.signed(8, -7));

  private final org.slimquant.runtime.GraphQuantizer quantizer;

  QuantizedTypes(org.slimquant.runtime.GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @java.lang.Override
  Operand<TFloat32> conv1(Operand<TFloat32> x, Types.FixedPoint format) {
    return org.slimquant.runtime.GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_X, x), format));
  }
}
