package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Deprecated(since = "2")
class Old {

  Old(OldOptions options) {}

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x, OldOptions options) {
    return x;
  }
}
