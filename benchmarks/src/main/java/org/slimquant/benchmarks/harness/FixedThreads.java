package org.slimquant.benchmarks.harness;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** Sessions whose number of threads does not depend on the machine. */
public final class FixedThreads {

  private FixedThreads() {}

  /**
   * Returns a session, which the caller closes before the graph.
   *
   * @param threads the number of threads that compute an op
   */
  public static Session session(Graph graph, int threads) {
    return new Session(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .build());
  }
}
