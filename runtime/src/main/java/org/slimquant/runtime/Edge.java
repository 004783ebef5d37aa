package org.slimquant.runtime;

import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The edge over which an op reads one of its inputs.
 *
 * @param reader the op that reads
 * @param index the input of that op, from 0
 */
record Edge(GraphOperation reader, int index) {

  /** Returns the tensor that is read. */
  Output<?> source() {
    return reader.input(index);
  }

  /** Whether the reader is the op of this name or stands in its scope. */
  boolean isWithin(String name) {
    return reader.name().equals(name) || reader.name().startsWith(name + "/");
  }

  /** Whether the reader writes or keeps a variable over this edge. */
  boolean keepsVariable() {
    return OpTypes.keeps(reader.type(), index);
  }

  /** Returns the edge as messages show it: {@code conv1/Conv2D (Conv2D)}. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(reader.name(), reader.type());
  }
}
