package models;

import javax.annotation.processing.Generated;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedModel extends Model {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", org.slimquant.format.Calibrated.signed(8), org.slimquant.format.Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedModel(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  org.tensorflow.Operand<TFloat32> conv1(org.tensorflow.Operand<TFloat32> x, java.lang.String name,
      Base.String nested, java.util.Map. @Known Entry<java.lang.Thread.State, Base.Operand> entry,
      Base.Stride inherited, models.Stride sibling) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), name, nested, entry, inherited, sibling));
  }
}
