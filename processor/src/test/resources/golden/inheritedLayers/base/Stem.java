package base;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

public interface Stem<T> {

  @QuantInt8(frac = -7)
  default Operand<TFloat32> stem(Operand<TFloat32> x, T options) {
    return x;
  }
}
