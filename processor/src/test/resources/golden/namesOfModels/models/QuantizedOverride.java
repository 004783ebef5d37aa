package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOverride extends Override {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", Calibrated.signed(8), Calibrated.of(8));

  private static final QuantizedInput CONV1_X = new QuantizedInput(
      "x", Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedOverride(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @java.lang.Override
  Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_X, x)));
  }
}
