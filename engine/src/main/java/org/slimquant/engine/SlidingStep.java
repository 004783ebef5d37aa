package org.slimquant.engine;

import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.Window;

/** A step that slides a window over an image. */
abstract class SlidingStep implements Step {

  private final Window window;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int outputRows;
  private final int outputColumns;
  private final int outputDepth;
  private final int input;
  private final int output;

  /**
   * Creates a step.
   *
   * @param channels the channels of the output
   */
  SlidingStep(
      Window window, IntegerTensor input, IntegerTensor output, int channels, MemoryPlan memory) {
    this.window = window;
    rows = input.shape().get(0);
    columns = input.shape().get(1);
    depth = input.shape().get(2);
    outputRows = window.outputRows(rows);
    outputColumns = window.outputColumns(columns);
    outputDepth = channels;
    this.input = memory.offset(input.name());
    this.output = memory.offset(output.name());
  }

  /** Begins a position of the window. */
  abstract void begin(Workspace workspace);

  /**
   * Adds neighbouring elements of a row of the window, all of which lie in the image.
   *
   * @param pixel the index of the input's first channel at the first of these elements
   * @param element the number of the first element in the window, row by row
   * @param count the number of these elements
   */
  abstract void add(Workspace workspace, int pixel, int element, int count);

  /**
   * Ends a position of the window.
   *
   * @param count the number of elements that were added
   * @param pixel the index of the output's first channel at this position
   */
  abstract void end(Workspace workspace, int count, int pixel);

  /**
   * Ends the run, after all positions of the window.
   *
   * @param pixel the index of the output's first channel at the first position
   * @param count the number of codes of the output
   */
  void finish(Workspace workspace, int pixel, int count) {}

  @Override
  public final Scratch scratch() {
    return Scratch.ofChannels(outputDepth);
  }

  @Override
  public final void run(Workspace workspace) {
    int pixel = output;
    for (int row = 0; row < outputRows; row++) {
      for (int column = 0; column < outputColumns; column++) {
        begin(workspace);
        int count =
            addAll(
                workspace,
                row * window.strideHeight() - window.padding().top(),
                column * window.strideWidth() - window.padding().left());
        end(workspace, count, pixel);
        pixel += outputDepth;
      }
    }
    finish(workspace, output, pixel - output);
  }

  /**
   * Adds those elements that lie in the image, of the window whose first element is at this
   * position.
   */
  private int addAll(Workspace workspace, int top, int left) {
    int count = 0;
    int dilation = window.dilationHeight();
    // A window may be far larger than the image: no loop over the elements outside.
    int end = Math.min(window.height(), Math.floorDiv(rows - 1 - top, dilation) + 1);
    for (int i = Math.max(0, (dilation - 1 - top) / dilation); i < end; i++) {
      int row = top + i * dilation;
      int pixel = input + (row * columns + left) * depth;
      int element = i * window.width();
      if (window.dilationWidth() == 1) {
        int first = Math.max(0, -left);
        int length = Math.min(window.width(), columns - left) - first;
        if (length > 0) {
          add(workspace, pixel + first * depth, element + first, length);
          count += length;
        }
      } else {
        for (int j = 0; j < window.width(); j++) {
          int across = j * window.dilationWidth();
          if (left + across >= 0 && left + across < columns) {
            add(workspace, pixel + across * depth, element + j, 1);
            count++;
          }
        }
      }
    }
    return count;
  }
}
