package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Variables {

  protected int FixedPoint;

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> GraphQuantizer) {
    return GraphQuantizer;
  }
}
