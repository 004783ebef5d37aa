package models;

import base.Stem;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Model extends Middle implements Stem<String> {

  Model() {
    super("");
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> own(Operand<TFloat32> x) {
    return x;
  }

  @Override
  @QuantInt8(frac = -5)
  protected Operand<TFloat32> redone(Operand<TFloat32> x) {
    return super.redone(x);
  }

  Operand<TFloat32> own(Operand<TFloat32> x, int repetitions) {
    return x;
  }
}
