package org.slimquant.deploy.report;

import java.util.List;

/**
 * A box of the network's drawing.
 *
 * @param name its name
 * @param type what kind of op it is; empty if that is not known
 * @param details its sizes and formats, a line each
 * @param inputs the places of the layers that it reads
 * @param output what flows out of it: format and shape; empty if that is not known
 */
record Layer(String name, String type, List<String> details, List<Integer> inputs, String output) {

  Layer {
    details = List.copyOf(details);
    inputs = List.copyOf(inputs);
  }
}
