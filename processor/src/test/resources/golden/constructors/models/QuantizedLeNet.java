package models;

import java.io.IOException;
import java.util.List;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
public final class QuantizedLeNet extends LeNet {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  public QuantizedLeNet(Ops tf, GraphQuantizer quantizer) {
    super(tf);
    this.quantizer = quantizer;
  }

  protected QuantizedLeNet(Ops tf, String weights, GraphQuantizer quantizer) throws IOException,
      ReflectiveOperationException {
    super(tf, weights);
    this.quantizer = quantizer;
  }

  QuantizedLeNet(Ops tf, int classes, long[] seeds, GraphQuantizer quantizer) {
    super(tf, classes, seeds);
    this.quantizer = quantizer;
  }

  <T extends Number & Comparable<T>> QuantizedLeNet(Ops tf, T rate, List<? super T>[] listeners,
      GraphQuantizer quantizer) {
    super(tf, rate, listeners);
    this.quantizer = quantizer;
  }

  @Override
  protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(images)));
  }
}
