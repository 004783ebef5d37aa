package models;

import java.lang.Override;
import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedLayer extends Layer {
  private static final org.slimquant.runtime.QuantizedLayer CONV1 = org.slimquant.runtime.QuantizedLayer.of(
      "conv1", Calibrated.signed(8), Calibrated.of(8));

  private static final QuantizedInput CONV1_X = new QuantizedInput(
      "x", Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedLayer(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_X, x)));
  }
}
