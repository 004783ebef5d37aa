package org.slimquant.runtime.graph;

import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The edge over which an op reads one of its inputs, as it was found.
 *
 * @param reader the op that reads
 * @param index the input of that op, from 0
 * @param source the tensor that is read. It is stored, because asking TensorFlow for it again costs
 *     half as much as adding a small op
 */
public record Edge(GraphOperation reader, int index, Output<?> source) {

  /** Returns the edge over which {@code reader} reads its input {@code index}. */
  public static Edge of(GraphOperation reader, int index) {
    return new Edge(reader, index, reader.input(index));
  }

  /** Returns the edge as it is now, which may have been rerouted since it was found. */
  public Edge now() {
    return of(reader, index);
  }

  /** Returns whether the reader is the op of this name or is in its scope. */
  public boolean isWithin(String name) {
    return reader.name().equals(name) || reader.name().startsWith(name + "/");
  }

  /** Returns whether the reader writes or maintains a variable over this edge. */
  public boolean maintainsVariable() {
    return OpTypes.maintainsVariable(reader.type(), index);
  }

  /** Returns the edge as messages show it: {@code conv1/Conv2D (Conv2D)}. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(reader.name(), reader.type());
  }
}
