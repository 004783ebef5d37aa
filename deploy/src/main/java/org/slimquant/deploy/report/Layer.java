package org.slimquant.deploy.report;

import java.util.List;

/**
 * A box of the network's drawing.
 *
 * @param name its name
 * @param type the kind of op; empty if that is not known
 * @param details its sizes and formats, one on each line
 * @param inputs the places of the layers that it reads
 * @param output the format and shape of its output; empty if they are not known
 */
record Layer(String name, String type, List<String> details, List<Integer> inputs, String output) {

  Layer {
    details = List.copyOf(details);
    inputs = List.copyOf(inputs);
  }
}
