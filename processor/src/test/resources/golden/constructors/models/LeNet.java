package models;

import java.io.IOException;
import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

public class LeNet {

  private final Ops tf;

  public LeNet(Ops tf) {
    this.tf = tf;
  }

  protected LeNet(Ops tf, String weights) throws IOException, ReflectiveOperationException {
    this(tf);
  }

  LeNet(Ops tf, int classes, long... seeds) {
    this(tf);
  }

  @SafeVarargs
  <T extends Number & Comparable<T>> LeNet(Ops tf, T rate, List<? super T>... listeners) {
    this(tf);
  }

  private LeNet(Ops tf, boolean training) {
    this(tf);
  }

  LeNet(Hidden hidden) {
    this(hidden.tf);
  }

  private static class Hidden {
    Ops tf = null;
  }

  @QuantInt8(frac = -7)
  protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
    return tf.nn.relu(images);
  }
}
