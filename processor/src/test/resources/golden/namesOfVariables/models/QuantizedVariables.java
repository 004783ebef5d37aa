package models;

import javax.annotation.processing.Generated;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedVariables extends Variables {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", org.slimquant.format.FixedPoint.signed(8, -7), org.slimquant.format.FixedPoint.signed(8, -7));

  private final org.slimquant.runtime.GraphQuantizer quantizer;

  QuantizedVariables(org.slimquant.runtime.GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> GraphQuantizer) {
    return org.slimquant.runtime.GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(GraphQuantizer)));
  }
}
