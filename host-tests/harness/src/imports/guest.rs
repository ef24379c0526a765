//! The module's memory, from the side of a host call.

use crate::host_call::Status;
use crate::proxy::Proxy;
use std::ops::Range;
use wasmtime::{Caller, Memory};

/// Why a host call stops: with a status that the module sees, or for good.
pub(super) enum Halt {
    Status(Status),
    Trap(wasmtime::Error),
}

impl From<Status> for Halt {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

pub(super) struct Guest<'a, 'b>(&'a mut Caller<'b, Proxy>);

impl<'a, 'b> Guest<'a, 'b> {
    pub(super) fn new(caller: &'a mut Caller<'b, Proxy>) -> Self {
        Self(caller)
    }

    pub(super) fn proxy(&mut self) -> &mut Proxy {
        self.0.data_mut()
    }

    fn memory(&self) -> Result<Memory, Halt> {
        self.0.data().memory.ok_or(Halt::Status(Status::InternalFailure))
    }

    /// Memory and proxy at once, so that bytes move between them without a copy in between.
    pub(super) fn split(&mut self) -> Result<(&mut [u8], &mut Proxy), Halt> {
        let memory = self.memory()?;
        Ok(memory.data_and_store_mut(&mut *self.0))
    }

    /// A copy of some bytes.
    pub(super) fn bytes(&mut self, at: u32, len: u32) -> Result<Vec<u8>, Halt> {
        Ok(slice(self.split()?.0, at, len)?.to_vec())
    }

    pub(super) fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Halt> {
        put(self.split()?.0, at, bytes)
    }

    pub(super) fn write_u32(&mut self, at: u32, value: u32) -> Result<(), Halt> {
        self.write(at, &value.to_le_bytes())
    }

    /// Asks the module for memory.
    pub(super) fn allocate(&mut self, len: usize) -> Result<u32, Halt> {
        let len = u32::try_from(len).map_err(|_| Status::InvalidMemoryAccess)?;
        let allocate = self.0.data().allocate.clone().ok_or(Halt::Status(Status::InternalFailure))?;
        match allocate.call(&mut *self.0, len).map_err(Halt::Trap)? {
            0 => Err(Status::InvalidMemoryAccess.into()),
            at => Ok(at),
        }
    }

    /// Gives bytes to the module: allocates, copies, and writes address and size where it asked for them. Nothing at
    /// all is a null pointer.
    pub(super) fn give(&mut self, bytes: &[u8], address: u32, size: u32) -> Result<(), Halt> {
        let at = if bytes.is_empty() { 0 } else { self.allocate(bytes.len())? };
        self.write(at, bytes)?;
        self.write_u32(address, at)?;
        self.write_u32(size, bytes.len() as u32)
    }
}

fn range(at: u32, len: usize) -> Result<Range<usize>, Status> {
    let start = at as usize;
    Ok(start..start.checked_add(len).ok_or(Status::InvalidMemoryAccess)?)
}

/// Some bytes of the memory.
pub(super) fn slice(memory: &[u8], at: u32, len: u32) -> Result<&[u8], Status> {
    memory.get(range(at, len as usize)?).ok_or(Status::InvalidMemoryAccess)
}

/// Writes some bytes to the memory.
pub(super) fn put(memory: &mut [u8], at: u32, bytes: &[u8]) -> Result<(), Halt> {
    let target = memory.get_mut(range(at, bytes.len())?).ok_or(Status::InvalidMemoryAccess)?;
    target.copy_from_slice(bytes);
    Ok(())
}
