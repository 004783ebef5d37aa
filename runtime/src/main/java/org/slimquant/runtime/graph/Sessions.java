package org.slimquant.runtime.graph;

import org.tensorflow.Graph;
import org.tensorflow.Session;

/** Checks the sessions in which a quantizer's graph is run. */
public final class Sessions {

  private Sessions() {}

  /**
   * Checks that {@code session} is of {@code graph}, the graph of a quantizer.
   *
   * @param what the purpose of the session
   * @throws IllegalArgumentException if it is of another
   */
  public static void requireOf(Graph graph, Session session, String what) {
    if (session.graph() != graph) {
      throw new IllegalArgumentException(
          ("the session of %s must be of the quantizer's graph, but is of another; make it with new"
                  + " Session(graph)")
              .formatted(what));
    }
  }
}
