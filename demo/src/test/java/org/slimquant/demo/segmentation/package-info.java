@NullMarked
package org.slimquant.demo.segmentation;

import org.jspecify.annotations.NullMarked;
