package models;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@NullMarked
class Annotated<E extends @Nullable Object> {

  Annotated(@Nullable String name, List<@Nullable E> list) {}

  @QuantInt8(frac = -7)
  <T extends @Nullable Comparable<@Nullable T>> @Nullable Operand<TFloat32> conv1(
      @Nullable @QuantInt8(frac = -7) Operand<TFloat32> images,
      Operand<@NonNull TFloat32> features,
      @Nullable Operand<TFloat32> mask,
      Map.@Nullable Entry<String, ? extends @Nullable T> entry,
      @Nullable String @NonNull [] @Nullable [] arrays,
      Map.@Nullable Entry<String, String>[] entries,
      @Nullable T nullable,
      Outer<String>.@Nullable Inner inner,
      @Nullable Object @Nullable ... rest) {
    return images;
  }

  static class Outer<T> {
    class Inner {}
  }
}
