package models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class Model {

  Model(Ops tf, java.lang.String name, java.util.Map.Entry<java.lang.Thread.State, Operand> entry)
      throws java.lang.Exception {}

  @java.lang.Deprecated
  @QuantInt8(frac = -7)
  org.tensorflow.Operand<TFloat32> conv1(
      @QuantInt8 org.tensorflow.Operand<TFloat32> x,
      Operand format,
      @java.lang.SuppressWarnings("rawtypes") List<java.lang.Iterable> list) {
    return x;
  }

  @QuantInt8(perChannel = true)
  <Override extends java.lang.Comparable<Override>> org.tensorflow.Operand<TFloat32> conv2(
      java.lang.Iterable<org.tensorflow.Operand<TFloat32>> all, Override order, Integer... counts) {
    return all.iterator().next();
  }
}
