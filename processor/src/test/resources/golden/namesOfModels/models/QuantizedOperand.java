package models;

import java.lang.Override;
import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOperand extends Operand {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", Calibrated.signed(8), Calibrated.of(8));

  private static final QuantizedInput CONV1_X = new QuantizedInput(
      "x", Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedOperand(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  org.tensorflow.Operand<TFloat32> conv1(org.tensorflow.Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_X, x)));
  }
}
