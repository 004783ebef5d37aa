package models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Several operands, each with the format that a plan has for it. */
class Model {

  record Heads(Operand<TFloat32> boxes, Operand<TFloat32> scores) {}

  @QuantInt8
  List<Operand<TFloat32>> split(Operand<TFloat32> x) {
    return List.of(x);
  }

  @QuantInt8
  Heads heads(@QuantInt8 List<Operand<TFloat32>> xs) {
    return new Heads(xs.get(0), xs.get(1));
  }

  @QuantInt8(outputFrac = -4)
  Operand<TFloat32>[] fixed(@QuantInt8(frac = -7) Operand<TFloat32>[] xs) {
    return xs;
  }
}
