package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class DyingParts {

  @Deprecated(since = "3", forRemoval = true)
  DyingParts() {}

  @SuppressWarnings("removal")
  DyingParts(Dying dying) {}

  @Deprecated(forRemoval = true)
  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return x;
  }
}
