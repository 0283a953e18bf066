//! How long the parts of a store live that JavaScript has something of: as long as QuickJS's collector says.
//!
//! Each instance, host function, table and global that JavaScript can reach has a *node*, an object that scripts never
//! get. What scripts have (an exported function, a `Table`, a `Global`, the imports of an instance that is to be made)
//! refers to the node of its part. The node of a host function refers to the script's function that it calls.
//!
//! ```text
//!   JavaScript     f ──────────────► node of instance 1 ─ ─ ─► node of host function 2 ──────► callback
//!                                        ┊                          ┊
//!   store                            instance 1 ─────────────► host function 2
//! ```
//!
//! What the parts have of each other changes with every `table.set` of compiled code, so nodes do not refer to each other
//! (the dashed arrow): the realm pins all of them. A collection ([`Realm::collect`]) lets nodes refer to each other as
//! their parts do at that moment, takes the pins away, runs QuickJS's collector, which finds cycles through both heaps
//! this way, and pins what is left. Then the store frees what nothing left refers to ([`headwater::reclaim`]). In
//! between, no code runs.
//!
//! What only the store knows of is a root: frames and suspended calls, exceptions, and structs and arrays that JavaScript
//! has. So is what the store has of JavaScript, in external references. A cycle through one of these is not found.
//!
//! A collection happens when there are twice as many parts as the last one left, or the store holds twice as many bytes,
//! and when memory or addresses run out.

use crate::core::Core;
use crate::realm::Realm;
use headwater::reclaim::{self, Graph, Part};
use rquickjs::class::{Trace, Tracer};
use rquickjs::{Class, Ctx, JsLifetime, Result, Value, qjs};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// So many parts are made before the first collection, and so many bytes.
const PARTS: usize = 1000;
const BYTES: usize = 256 << 20;

/// See the module's documentation.
#[rquickjs::class(frozen)]
pub(crate) struct Node<'js> {
    core: Rc<Core>,
    part: Part,
    /// What a host function calls, and its number.
    callee: Option<(u32, Value<'js>)>,
    /// During a collection, the nodes of what the part refers to.
    refers_to: RefCell<Vec<Value<'js>>>,
}

// SAFETY: only the lifetime of values changes.
unsafe impl<'js> JsLifetime<'js> for Node<'js> {
    type Changed<'to> = Node<'to>;
}

impl<'js> Trace<'js> for Node<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Some((_, callee)) = &self.callee {
            tracer.mark(callee);
        }
        if let Ok(nodes) = self.refers_to.try_borrow() {
            nodes.iter().for_each(|node| tracer.mark(node));
        }
    }
}

/// Only noted: QuickJS may free objects while the store is in use.
impl Drop for Node<'_> {
    fn drop(&mut self) {
        if let Some((number, _)) = &self.callee {
            self.core.callees.borrow_mut().forget(*number);
        }
        self.core.dead.borrow_mut().push(self.part);
    }
}

/// The functions of scripts that host functions call, by number, each with its node, which has it.
#[derive(Default)]
pub(crate) struct Callees {
    all: Vec<Option<Callee>>,
    free: Vec<u32>,
}

/// A function, and its node. Whoever calls it holds the node meanwhile.
#[derive(Copy, Clone)]
pub(crate) struct Callee {
    pub func: qjs::JSValue,
    pub node: qjs::JSValue,
}

impl Callees {
    /// A number that no callee has.
    pub fn number(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            (self.all.len() - 1) as u32
        })
    }

    fn set(&mut self, number: u32, callee: Callee) {
        self.all[number as usize] = Some(callee);
    }

    /// The number may be used for another.
    pub fn forget(&mut self, number: u32) {
        self.all[number as usize] = None;
        self.free.push(number);
    }

    /// The callee with this number, if it is still there.
    #[inline]
    pub fn get(&self, number: u32) -> Option<Callee> {
        *self.all.get(number as usize)?
    }
}

/// A node, and what pins it.
struct Entry<'js> {
    /// It is taken from the list when it is freed.
    node: qjs::JSValue,
    pin: Option<Value<'js>>,
}

/// The nodes of a realm.
#[derive(Default)]
pub(crate) struct Nodes<'js>(RefCell<HashMap<Part, Entry<'js>>>);

impl<'js> Trace<'js> for Nodes<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Ok(nodes) = self.0.try_borrow() {
            nodes.values().filter_map(|entry| entry.pin.as_ref()).for_each(|pin| tracer.mark(pin));
        }
    }
}

/// Whether such parts have nodes: those that have no others die with their last handle.
fn has_node(part: Part) -> bool {
    !matches!(part, Part::Memory(_) | Part::Tag(_))
}

impl<'js> Realm<'js> {
    /// The node of a part, which has one.
    ///
    /// # Errors
    /// If QuickJS is out of memory.
    pub fn node(&self, ctx: &Ctx<'js>, part: Part) -> Result<Value<'js>> {
        self.node_with(ctx, part, None)
    }

    /// The node of a host function that was just made, which calls `callee` by this number.
    ///
    /// # Errors
    /// If QuickJS is out of memory.
    pub fn node_of_host(&self, ctx: &Ctx<'js>, part: Part, number: u32, callee: Value<'js>) -> Result<Value<'js>> {
        let func = callee.as_raw();
        let node = self.node_with(ctx, part, Some((number, callee)))?;
        self.core().callees.borrow_mut().set(number, Callee { func, node: node.as_raw() });
        Ok(node)
    }

    fn node_with(&self, ctx: &Ctx<'js>, part: Part, callee: Option<(u32, Value<'js>)>) -> Result<Value<'js>> {
        debug_assert!(has_node(part));
        if let Some(entry) = self.nodes.0.borrow().get(&part) {
            // SAFETY: what is on the list is alive, and gets another reference.
            return Ok(unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), entry.node)) });
        }
        let node = Node { core: self.core().clone(), part, callee, refers_to: RefCell::default() };
        let node = Class::instance(ctx.clone(), node)?.into_value();
        let entry = Entry { node: node.as_raw(), pin: Some(node.clone()) };
        self.nodes.0.borrow_mut().insert(part, entry);
        self.core().count_part();
        Ok(node)
    }

    /// Frees what JavaScript has dropped, if it is time for that. To be called before anything is made.
    pub fn collect_if_due(&self, ctx: &Ctx<'js>) {
        self.core().release();
        if self.core().is_collection_due() {
            self.collect(ctx);
        }
    }

    /// Frees all parts that neither JavaScript nor WebAssembly code can reach. Nothing happens while an instance is being
    /// made. Runs no JavaScript.
    pub fn collect(&self, ctx: &Ctx<'js>) {
        let core = self.core();
        if core.making.get() > 0 {
            return;
        }
        core.release();
        let graph = core.with(|store| reclaim::graph(&store));
        let roots: HashSet<Part> = graph.roots.iter().copied().collect();
        // Without memory for nodes, all stay as they are.
        if self.connect(ctx, &graph).is_ok() {
            let pins: Vec<Value<'js>> = {
                let mut nodes = self.nodes.0.borrow_mut();
                let garbage = nodes.iter_mut().filter(|(part, _)| !roots.contains(part));
                garbage.filter_map(|(_, entry)| entry.pin.take()).collect()
            };
            drop(pins);
            ctx.run_gc();
        }
        let dead = core.dead.take();
        let mut nodes = self.nodes.0.borrow_mut();
        dead.iter().for_each(|part| drop(nodes.remove(part)));
        for entry in nodes.values_mut().filter(|entry| entry.pin.is_none()) {
            // SAFETY: the node is alive, and gets another reference.
            entry.pin =
                Some(unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), entry.node)) });
        }
        let left: Vec<Value<'js>> = nodes.values().filter_map(|entry| entry.pin.clone()).collect();
        let alive: Vec<Part> = nodes.keys().copied().collect();
        drop(nodes);
        for node in left {
            if let Ok(node) = Class::<Node<'_>>::from_value(&node) {
                drop(node.borrow().refers_to.take());
            }
        }
        core.reclaim(alive);
    }

    /// Lets nodes refer to each other as their parts do; makes those that are missing.
    fn connect(&self, ctx: &Ctx<'js>, graph: &Graph) -> Result<()> {
        let mut known: HashSet<Part> = self.nodes.0.borrow().keys().copied().collect();
        known.extend(graph.roots.iter().copied().filter(|part| has_node(*part)));
        let mut found: Vec<Part> = known.iter().copied().collect();
        while let Some(part) = found.pop() {
            let refers_to = graph.edges.get(&part).into_iter().flatten().copied();
            let refers_to: HashSet<Part> = refers_to.filter(|part| has_node(*part)).collect();
            let mut nodes = Vec::with_capacity(refers_to.len());
            for other in refers_to {
                nodes.push(self.node(ctx, other)?);
                if known.insert(other) {
                    found.push(other);
                }
            }
            let node = Class::<Node<'js>>::from_value(&self.node(ctx, part)?)?;
            let before = node.borrow().refers_to.replace(nodes);
            drop(before);
        }
        Ok(())
    }
}

impl Core {
    /// Another part was made.
    pub fn count_part(&self) {
        self.parts_made.set(self.parts_made.get() + 1);
    }

    fn is_collection_due(&self) -> bool {
        let (parts, bytes) = self.collect_at.get();
        self.parts_made.get() >= parts || self.with(|store| reclaim::held_bytes(&store)) >= bytes
    }

    /// Lets the store free what nothing refers to.
    fn reclaim(&self, mut alive: Vec<Part>) {
        let left = alive.len();
        alive.extend(self.kept.borrow().keys());
        let bytes = self.with(|mut store| {
            // SAFETY: no instance is being made, and a host function that runs has its node.
            unsafe { reclaim::reclaim(&mut store, &alive) };
            self.host_names.borrow_mut().retain(|func, _| reclaim::is_there(&store, Part::Host(*func)));
            self.numbers.borrow_mut().retain(|item, _| item.is_there(&store));
            reclaim::held_bytes(&store)
        });
        self.parts_made.set(0);
        self.collect_at.set((left.max(PARTS), bytes.saturating_mul(2).max(BYTES)));
    }

    /// When the first collection is.
    pub fn first_collection() -> (usize, usize) {
        (PARTS, BYTES)
    }
}
