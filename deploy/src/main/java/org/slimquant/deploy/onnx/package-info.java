/** Integer models as ONNX files. */
@NullMarked
package org.slimquant.deploy.onnx;

import org.jspecify.annotations.NullMarked;
