package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class Names {

  static final String CONV1 = "";
  final Ops quantizer;

  Names(Ops quantizer) {
    this.quantizer = quantizer;
  }

  Names(Ops quantizer, int quantizer_) {
    this.quantizer = quantizer;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(
      @QuantInt8(frac = -7) Operand<TFloat32> quantizer, int CONV1, int CONV1_QUANTIZER) {
    return quantizer;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> convBlock(@QuantInt8(frac = -7) Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv(@QuantInt8(frac = -7) Operand<TFloat32> blockX) {
    return blockX;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> quantizer(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1_x(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> layer(Operand<TFloat32> x) {
    return x;
  }

  Operand<TFloat32> input(Operand<TFloat32> x) {
    return x;
  }
}
