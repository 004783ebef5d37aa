package models;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Layers that take and return several operands. */
class Groups {

  record Heads(Operand<TFloat32> boxes, Operand<TFloat32> scores) {}

  record Pair<T extends TType>(Operand<T> left, Operand<T> right) {}

  @QuantInt8
  Operand<TFloat32>[] array(@QuantInt8 Operand<TFloat32>[] xs) {
    return xs;
  }

  @QuantInt8(outputFrac = -4)
  List<Operand<TFloat32>> list(@QuantInt8(frac = -7) List<Operand<TFloat32>> xs) {
    return xs;
  }

  @QuantInt8(kernelBits = 4)
  Heads heads(Operand<TFloat32> record, @QuantInt8 Collection<Operand<TFloat32>> outputs) {
    return new Heads(record, record);
  }

  @QuantInt8
  Pair<TFloat32> pair(@QuantInt8 @Nullable Iterable<? extends Operand<TFloat32>> xs) {
    throw new UnsupportedOperationException();
  }
}
