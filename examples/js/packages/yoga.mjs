// Yoga: flexbox layout, in C++, with Embind.
// npm: yoga-layout@3.2.1
import Yoga, { Align, Direction, Edge, FlexDirection, MeasureMode } from "yoga-layout";

const root = Yoga.Node.create();
root.setFlexDirection(FlexDirection.Row);
root.setWidth(300);
root.setHeight(100);
root.setPadding(Edge.All, 10);
for (const grow of [1, 2, 0]) {
  const child = Yoga.Node.create();
  child.setFlexGrow(grow);
  child.setMargin(Edge.Left, 5);
  if (grow === 0) {
    child.setAlignSelf(Align.Center);
    child.setMeasureFunc((width, mode) => ({ width: 40, height: mode === MeasureMode.Undefined ? 1 : 20 }));
  }
  root.insertChild(child, root.getChildCount());
}
root.calculateLayout(undefined, undefined, Direction.LTR);
for (let i = 0; i < root.getChildCount(); i++) {
  const { left, top, width, height } = root.getChild(i).getComputedLayout();
  console.log(left, top, width, height);
}
root.freeRecursive();
