// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";

/// @title Whom no session may call: whoever can call these can do anything as the account.
library Targets {
    uint256 private constant ENTRY_POINT_06 = uint160(0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789);
    uint256 private constant ENTRY_POINT_07 = uint160(0x0000000071727De22E5E9d8BAf0edAc6f37da032);
    uint256 private constant ENTRY_POINT_08 = uint160(0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108);
    uint256 private constant ENTRY_POINT_09 = uint160(0x433709009B8330FDa32311DF1C2AFA402eD8D009);

    /// @notice Whether a target is the account that asks, the module, or an EntryPoint.
    function forbidden(uint256 target) internal view returns (bool) {
        return
            Bits.same(target, uint160(msg.sender)) |
                Bits.same(target, uint160(address(this))) |
                Bits.same(target, ENTRY_POINT_06) |
                Bits.same(target, ENTRY_POINT_07) |
                Bits.same(target, ENTRY_POINT_08) |
                Bits.same(target, ENTRY_POINT_09) !=
            0;
    }
}
