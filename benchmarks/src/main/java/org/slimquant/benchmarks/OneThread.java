package org.slimquant.benchmarks;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** Sessions that compute on one thread, whose times do not depend on the machine's other work. */
final class OneThread {

  private static final ConfigProto CONFIG =
      ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(1)
          .setInterOpParallelismThreads(1)
          .build();

  private OneThread() {}

  /** Returns a session, which the caller closes before the graph. */
  static Session session(Graph graph) {
    return new Session(graph, CONFIG);
  }
}
