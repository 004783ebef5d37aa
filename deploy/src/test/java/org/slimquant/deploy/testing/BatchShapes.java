package org.slimquant.deploy.testing;

import java.util.List;
import java.util.stream.LongStream;

/** Puts the batch before the shape of an example. */
final class BatchShapes {

  private BatchShapes() {}

  static long[] prepend(long batch, List<Integer> shape) {
    return LongStream.concat(LongStream.of(batch), shape.stream().mapToLong(Integer::longValue))
        .toArray();
  }
}
