package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Deprecated(forRemoval = true)
class Dying {
  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x, Dying other) {
    return x;
  }
}
