package models;

import java.util.List;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOldParts extends OldParts {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV2 = QuantizedLayer.of(
      "conv2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV3 = QuantizedLayer.of(
      "conv3", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedOldParts(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Deprecated
  QuantizedOldParts(OldOptions options, GraphQuantizer quantizer) {
    super(options);
    this.quantizer = quantizer;
  }

  @SuppressWarnings("deprecation")
  QuantizedOldParts(List<OldOptions.Part> parts, GraphQuantizer quantizer) {
    super(parts);
    this.quantizer = quantizer;
  }

  @Override
  @Deprecated
  Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x)));
  }

  @Override
  @SuppressWarnings("deprecation")
  Operand<TFloat32> conv2(Operand<TFloat32> x, OldOptions... options) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.input(x), options));
  }

  @Override
  Operand<TFloat32> conv3(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV3, () ->
        super.conv3(quantizer.input(x)));
  }
}
